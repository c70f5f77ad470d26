"""Everything against everything: points against pooled effects, words against numbers, ours against another engine."""

"""Dependent effects: several of one study, and what their covariance does to the pool."""

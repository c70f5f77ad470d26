"""What the review holds, as the data of figures: one adapter a module, and no drawing."""

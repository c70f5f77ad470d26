"""What the review holds, as the data of figures about its studies: one adapter a module, and no drawing."""

"""LeBrasseur et al. 2012 lived again: the paper's analysis on simulated studies, and what the paper could not say."""

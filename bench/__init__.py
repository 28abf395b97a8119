"""The benchmarks: the product beside the barest thing that could do the same, alternating in one run."""

"""A closer look at each allowed kind of file: is it whole, and does it only show, never act?"""

"""The features of the districts beside Chongming, each performed in a hall of its own district."""

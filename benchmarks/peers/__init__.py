"""The reference models in each engine, one module per engine, all behind the same two functions.

``tandem(num_orders)`` and ``queue(num_orders)`` do what an engine needs to do once (build a network, compile) and
return a function from a seed to the mean minutes from order to delivery, which is what is timed. A module may lack
one of the two, if its engine cannot express the model.
"""

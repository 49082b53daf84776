"""What every node shares: life cycle, settings, names and QoS of the graph, health. The only shared ROS code."""

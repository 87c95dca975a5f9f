"""The engines that are compared, one module each, behind the protocol of peers.peer."""

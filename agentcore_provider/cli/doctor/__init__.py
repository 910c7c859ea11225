"""`agentcore doctor`: one layer after another, from this machine to the answer of a tool."""

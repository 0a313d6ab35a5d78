"""The plan: need, goal, action, and measures that show the distance travelled."""

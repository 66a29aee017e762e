"""The scenes: each module shows one part of the conversation and handles its buttons."""

import Testing

/// Tests that run nodes as real processes. They run in sequence, because they measure time and share the machine.
@Testing.Suite(.serialized, .timeLimit(.minutes(5)))
enum Processes {}

internal import Node

/// Works on requests for reading: within the limits of the gate, on threads in the background.
struct Reads: Sendable {
  let gate: ReadGate
  let executor: ReadExecutor

  func run<Answer: Sendable>(
    for client: ClientAddress, _ body: () async throws -> Answer
  ) async throws -> Answer {
    try await gate.pass(client) {
      try await withTaskExecutorPreference(executor) { try await body() }
    }
  }
}

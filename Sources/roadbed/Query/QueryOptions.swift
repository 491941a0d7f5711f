import ArgumentParser
import LedgerClient

/// The options of every query: the node, and how to print its answer.
struct QueryOptions: ParsableArguments {
  @OptionGroup var nodes: NodeOptions
  @OptionGroup var output: OutputOptions

  /// Runs the query and prints the answer, as JSON or with `print`.
  func run<Answer: Encodable>(
    _ ask: (LedgerClient) async throws -> Answer, print: (Answer) -> Void
  ) async throws {
    let answer = try await nodes.withClient(ask)
    if output.json {
      try Console.printJSON(answer)
    } else {
      print(answer)
    }
  }
}

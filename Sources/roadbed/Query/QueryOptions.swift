import ArgumentParser
import LedgerClient

/// What every query needs: the node, and how to print its answer.
struct QueryOptions: ParsableArguments {
  @OptionGroup var nodes: NodeOptions
  @OptionGroup var output: OutputOptions

  /// Runs the query, and prints the answer as JSON or with `print`.
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

/// Which page of a list.
struct PageOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Begin after this entry: the one that the previous page named.", valueName: "name"))
  var after: String?

  @Option(help: "The most entries to show, up to 100.")
  var limit: Int?

  func validate() throws {
    if let limit, !(1...100).contains(limit) {
      throw ValidationError("--limit is \(limit); it must be 1 to 100.")
    }
  }

  static func printNext(_ next: String?, option: String = "--after") {
    if let next { Console.next("for the next page, add \(option) \(next)") }
  }
}

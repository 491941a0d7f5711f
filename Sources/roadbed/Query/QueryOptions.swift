import ArgumentParser
import LedgerClient

/// What every question needs: whom to ask, and how to print the answer.
struct QueryOptions: ParsableArguments {
  @OptionGroup var nodes: NodeOptions
  @OptionGroup var output: OutputOptions

  /// Asks, and prints the answer as JSON or with `print`.
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

/// Which part of a list.
struct PageOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Begin behind this one: what the last part named.", valueName: "name"))
  var after: String?

  @Option(help: "Entries at most, up to 100.")
  var limit: Int?

  func validate() throws {
    if let limit, !(1...100).contains(limit) {
      throw ValidationError("--limit is \(limit); allowed are 1 to 100.")
    }
  }

  static func printNext(_ next: String?, option: String = "--after") {
    if let next { Console.next("there is more: add \(option) \(next)") }
  }
}

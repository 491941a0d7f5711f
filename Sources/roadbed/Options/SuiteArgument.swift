import ArgumentParser
import Ledger
import Primitives

/// A suite given by name, so that the parser shows names rather than numbers.
struct SuiteArgument: ExpressibleByArgument {
  let suite: Suite

  init(_ suite: Suite) { self.suite = suite }

  init?(argument: String) {
    guard let suite = Suite(name: argument) else { return nil }
    self.suite = suite
  }

  static var allValueStrings: [String] { Suite.allCases.map(\.name) }
  static var defaultCompletionKind: CompletionKind { .list(allValueStrings) }
  var defaultValueDescription: String { suite.name }
}

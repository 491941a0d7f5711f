import ArgumentParser
import Simulation

/// What the traitors do, or that there are none.
struct ByzantineKind: ExpressibleByArgument {
  let kind: TraitorKind?

  init?(argument: String) {
    kind = TraitorKind(rawValue: argument)
    if kind == nil, argument != "none" { return nil }
  }

  static var allValueStrings: [String] { TraitorKind.allCases.map(\.rawValue) + ["none"] }
}

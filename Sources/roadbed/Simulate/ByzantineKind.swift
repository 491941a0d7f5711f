import ArgumentParser
import Simulation

/// What the traitors do, or none if there are no traitors.
struct ByzantineKind: ExpressibleByArgument {
  let kind: TraitorKind?

  init?(argument: String) {
    kind = TraitorKind(rawValue: argument)
    if kind == nil, argument != "none" { return nil }
  }

  static var allValueStrings: [String] { TraitorKind.allCases.map(\.rawValue) + ["none"] }
}

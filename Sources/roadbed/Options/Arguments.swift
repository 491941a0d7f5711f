public import ArgumentParser
public import Ledger
public import Primitives

extension Suite: ExpressibleByArgument {
  public init?(argument: String) { self.init(name: argument) }
  public static var allValueStrings: [String] { allCases.map(\.name) }
  public var defaultValueDescription: String { name }
}

extension Name: ExpressibleByArgument {
  public init?(argument: String) { self.init(argument) }
}

extension AccountName: ExpressibleByArgument {
  public init?(argument: String) { self.init(argument) }
}

extension CollectionName: ExpressibleByArgument {
  public init?(argument: String) { self.init(argument) }
}

extension Digest: ExpressibleByArgument {
  public init?(argument: String) { self.init(hex: argument) }
}

extension Height: ExpressibleByArgument {
  public init?(argument: String) {
    guard let number = UInt64(argument) else { return nil }
    self.init(number)
  }
}

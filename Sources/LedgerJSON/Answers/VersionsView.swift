/// The versions of a node's program and of its API.
public struct VersionsView: Codable, Hashable, Sendable {
  /// The program's version.
  public var software: String
  /// The newest version of the chain's rules that the program knows.
  public var rules: UInt16
  /// The version of this API, 1.
  public var api: Int

  public init(software: String, rules: UInt16, api: Int = 1) {
    self.software = software
    self.rules = rules
    self.api = api
  }
}

/// The versions of a node's program and of its API.
public struct VersionsView: Codable, Hashable, Sendable {
  /// The program's version.
  public var software: String
  /// The version of this API, 1.
  public var api: Int

  public init(software: String, api: Int = 1) {
    self.software = software
    self.api = api
  }
}

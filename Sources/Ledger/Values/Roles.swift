public import Primitives

/// The permissions of a member, which may have several roles or none.
@frozen
public struct Roles: OptionSet, Hashable, Sendable, BitwiseCopyable {
  public let rawValue: UInt8
  public init(rawValue: UInt8) { self.rawValue = rawValue }

  /// Counts towards the administrator threshold.
  public static let administrator = Roles(rawValue: 1)
  /// Defines assets and issues them.
  public static let issuer = Roles(rawValue: 2)
  /// Anchors records.
  public static let notary = Roles(rawValue: 4)
  /// Opens accounts of its own.
  public static let participant = Roles(rawValue: 8)

  static let all: Roles = [.administrator, .issuer, .notary, .participant]

  /// The names in configuration, genesis files and JSON, in bit order.
  public var names: [String] {
    Roles.named.compactMap { contains($0.role) ? $0.name : nil }
  }

  /// The role called `name`. Returns nil if there is none.
  public init?(name: some StringProtocol) {
    guard let named = Roles.named.first(where: { $0.name == name }) else { return nil }
    self = named.role
  }

  private static var named: [(role: Roles, name: String)] {
    [
      (.administrator, "administrator"), (.issuer, "issuer"), (.notary, "notary"), (.participant, "participant"),
    ]
  }

  /// Reads one byte and refuses bits without a role.
  public init(from reader: inout Reader) throws(CodecError) {
    let raw = try reader.byte()
    guard raw & ~Roles.all.rawValue == 0 else { throw .unknown(field: "roles", value: UInt64(raw)) }
    self.init(rawValue: raw)
  }
}

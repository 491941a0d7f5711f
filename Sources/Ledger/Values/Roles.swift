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

  /// Admits members that are neither administrators nor registrars.
  public static let registrar = Roles(rawValue: 16)
  /// Permits nothing. The name marks members that watch the chain, for its nodes and its people.
  public static let auditor = Roles(rawValue: 32)

  /// Each role by itself, in bit order.
  package static var each: [Roles] { named.map(\.role) }
  static let all: Roles = [.administrator, .issuer, .notary, .participant, .registrar, .auditor]
  /// Those that only the administrators give.
  static let governing: Roles = [.administrator, .registrar]
  /// Those that version 3 of the rules does not have.
  private static let added: Roles = [.registrar, .auditor]

  /// The first version of the rules, of those that this program executes, that has all the roles.
  public var rules: UInt16 { isDisjoint(with: Roles.added) ? 3 : 4 }

  /// The names in configuration, genesis files and JSON, in bit order.
  public var names: [String] {
    Roles.named.compactMap { contains($0.role) ? $0.name : nil }
  }

  /// All names, as a message lists them.
  package static var choices: String {
    all.names.dropLast().joined(separator: ", ") + " or " + all.names.suffix(1).joined()
  }

  /// The role called `name`. Returns nil if there is none.
  public init?(name: some StringProtocol) {
    guard let named = Roles.named.first(where: { $0.name == name }) else { return nil }
    self = named.role
  }

  private static var named: [(role: Roles, name: String)] {
    [
      (.administrator, "administrator"), (.issuer, "issuer"), (.notary, "notary"), (.participant, "participant"),
      (.registrar, "registrar"), (.auditor, "auditor"),
    ]
  }

  /// Reads one byte and refuses bits without a role.
  public init(from reader: inout Reader) throws(CodecError) {
    let raw = try reader.byte()
    guard raw & ~Roles.all.rawValue == 0 else { throw .unknown(field: "roles", value: UInt64(raw)) }
    self.init(rawValue: raw)
  }
}

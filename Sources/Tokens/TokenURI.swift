internal import Primitives

/// Where a key is in a token, as a PKCS #11 URI (RFC 7512):
/// `pkcs11:token=LABEL;object=KEY?module-path=/usr/lib/module.so&pin-source=file:/path`.
///
/// Read strictly: what is not understood is refused, because it might have told two keys apart. It contains nothing
/// secret, since `pin-value` is refused.
public struct TokenURI: Hashable, Sendable {
  public static let scheme = "pkcs11:"

  /// What the token must be called; nil if anything will do.
  public var token: String?
  public var serial: String?
  public var manufacturer: String?
  public var model: String?
  /// The label of the key.
  public var object: String?
  /// The identifier of the key.
  public var id: [UInt8]?
  public let modulePath: String
  /// The file whose content is the PIN.
  public let pinFile: String?

  public init(_ text: String) throws(TokenError) {
    do throws(TokenURIFault) {
      self = try TokenURI(checked: text)
    } catch {
      throw .uri(error)
    }
  }

  private init(checked text: String) throws(TokenURIFault) {
    guard text.hasPrefix(Self.scheme) else { throw .scheme }
    guard text.utf8.count <= TokenLimits.uriBytes else { throw .tooLong(limit: TokenLimits.uriBytes) }
    let halves = text.dropFirst(Self.scheme.count).split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    let path = try TokenURIParts(halves[0], separator: ";", alsoAllowed: "&", names: Self.pathNames)
    let query = try TokenURIParts(
      halves.count > 1 ? halves[1] : "", separator: "&", alsoAllowed: "/?|", names: Self.queryNames)

    // Whoever puts a PIN on a command line shows it to every user of the machine.
    if query.has("pin-value") { throw .pinValue }
    if let type = try path.text("type", limit: TokenLimits.nameBytes), type != "private" { throw .type }
    // The lengths of the fields in CK_TOKEN_INFO.
    token = try path.text("token", limit: 32)
    serial = try path.text("serial", limit: 16)
    manufacturer = try path.text("manufacturer", limit: 32)
    model = try path.text("model", limit: 16)
    object = try path.text("object", limit: TokenLimits.nameBytes)
    id = try path.bytes("id", limit: TokenLimits.nameBytes)
    guard token != nil || serial != nil else { throw .missing("token") }

    guard let module = try query.text("module-path", limit: TokenLimits.uriBytes) else { throw .missing("module-path") }
    // The system would look for any other name in a list of directories.
    guard module.hasPrefix("/") else { throw .path("module-path") }
    modulePath = module
    pinFile = try query.text("pin-source", limit: TokenLimits.uriBytes).map { (source) throws(TokenURIFault) in
      try Self.file(source)
    }
  }

  private static let pathNames: Set = [
    "token", "serial", "manufacturer", "model", "object", "id", "type",
  ]
  private static let queryNames: Set = ["module-path", "pin-source", "pin-value"]

  /// The path in `file:/path` or `file:///path`.
  private static func file(_ source: String) throws(TokenURIFault) -> String {
    guard source.hasPrefix("file:") else { throw .path("pin-source") }
    var path = source.dropFirst("file:".count)
    if path.hasPrefix("///") { path = path.dropFirst(2) }
    guard path.hasPrefix("/"), !path.hasPrefix("//") else { throw .path("pin-source") }
    return String(path)
  }
}

extension TokenURI: CustomStringConvertible {
  /// The URI that reads as this value.
  public var description: String {
    var path: [String] = []
    for (name, value) in [
      ("token", token), ("serial", serial), ("manufacturer", manufacturer), ("model", model), ("object", object),
    ] {
      if let value { path.append("\(name)=\(Self.escaped(value.utf8))") }
    }
    if let id { path.append("id=\(id.map { "%" + Hex.encode([$0]) }.joined())") }
    var query = ["module-path=\(Self.escaped(modulePath.utf8, alsoAllowed: "/"))"]
    if let pinFile { query.append("pin-source=file:\(Self.escaped(pinFile.utf8, alsoAllowed: "/"))") }
    return Self.scheme + path.joined(separator: ";") + "?" + query.joined(separator: "&")
  }

  private static func escaped(_ bytes: some Collection<UInt8>, alsoAllowed: String = "") -> String {
    bytes.map { byte in
      let character = Character(UnicodeScalar(byte))
      let isPlain =
        byte < 0x80
        && (character.isLetter || character.isNumber || "-._~".contains(character) || alsoAllowed.contains(character))
      return isPlain ? String(character) : "%" + Hex.encode([byte])
    }.joined()
  }
}

internal import CPKCS11
internal import Primitives

/// By what a key is looked for in a token.
struct TokenKeyPlace: Hashable, Sendable {
  var label: String?
  var id: [UInt8]?

  /// The key as messages call it.
  var name: String {
    let parts = [label?.quoted, id.map { "id " + Hex.encode($0) }].compactMap(\.self)
    return parts.joined(separator: " with ")
  }

  func attributes(of objects: UInt) -> TokenAttributes {
    var attributes = TokenAttributes()
    attributes.add(CKA_CLASS, number: objects)
    if let label { attributes.add(CKA_LABEL, label) }
    if let id { attributes.add(CKA_ID, id) }
    return attributes
  }
}

internal import Cryptography
internal import Primitives

/// The file name of an input: the first 16 hexadecimal digits of its SHA-256.
package enum InputName {
  package static func of(_ bytes: [UInt8]) -> String {
    var hash = HashFunction(.ed25519SHA256)
    return String(hash.hash(bytes.span.bytes).description.prefix(16))
  }
}

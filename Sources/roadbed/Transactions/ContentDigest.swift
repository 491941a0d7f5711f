import Cryptography
import Primitives

/// The digest by which a file is anchored: the plain hash of its content with the chain's hash function, so that any
/// tool (`sha256sum`, `openssl dgst -sm3`) can check it.
enum ContentDigest {
  static func of(_ path: String, suite: Suite) throws -> Digest {
    var hash = HashFunction(suite)
    return hash.hash(try TextFile.read(path))
  }
}

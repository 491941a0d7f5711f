import Cryptography
import Primitives

/// Reads key files whose suite is not known in advance.
enum AnyKeyFile {
  static func read(_ file: String, passphrase: [UInt8]?) throws(CryptoError) -> PrivateKey {
    for suite in Suite.allCases.dropLast() {
      do throws(CryptoError) {
        return try KeyFile.read(file, suite: suite, passphrase: passphrase)
      } catch .file(_, .suite) {
        continue
      }
    }
    return try KeyFile.read(file, suite: .sm2SM3, passphrase: passphrase)
  }
}

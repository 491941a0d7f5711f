import Foundation
import Primitives
import TestHarness
import Testing

@testable import Cryptography

@Testing.Suite("KeyFile")
struct KeyFileTests {
  private let directory: TemporaryDirectory

  init() throws {
    directory = try TemporaryDirectory()
  }

  private func fault(
    _ path: String, _ suite: Primitives.Suite = .p256SHA256, _ passphrase: [UInt8]? = nil
  )
    -> FileFault?
  {
    guard case .file(path, let fault) = error(of: { _ = try KeyFile.read(path, suite: suite, passphrase: passphrase) })
    else { return nil }
    return fault
  }

  @Test("D7: a key is read back from its file, which only its owner can use", arguments: Suite.allCases)
  func roundTrip(suite: Primitives.Suite) throws {
    let key = try PrivateKey.generate(suite)
    let path = directory.file("key.pem")
    try KeyFile.write(key, to: path)
    #expect(try directory.mode(of: path) == 0o600)
    #expect(try directory.text(of: path).hasPrefix("-----BEGIN PRIVATE KEY-----\n"))
    let read = try KeyFile.read(path, suite: suite)
    #expect(read.publicKey == key.publicKey)
    #expect(verifies(try read.sign([1]), of: [1], by: key.publicKey, suite))
    // An unneeded passphrase does no harm.
    #expect(try KeyFile.read(path, suite: suite, passphrase: [1]).publicKey == key.publicKey)
  }

  @Test("D7: an encrypted key opens only with its passphrase", arguments: Suite.allCases)
  func encrypted(suite: Primitives.Suite) throws {
    let key = try PrivateKey.generate(suite)
    let path = directory.file("key.pem")
    let passphrase = Array("correct horse \u{1F40E}".utf8)
    try KeyFile.write(key, to: path, passphrase: passphrase)
    #expect(try directory.mode(of: path) == 0o600)
    #expect(try directory.text(of: path).hasPrefix("-----BEGIN ENCRYPTED PRIVATE KEY-----\n"))
    #expect(try KeyFile.read(path, suite: suite, passphrase: passphrase).publicKey == key.publicKey)
    #expect(fault(path, suite) == .passphraseNeeded)
    #expect(fault(path, suite, Array("wrong".utf8)) == .passphraseWrong)
  }

  @Test(
    "D7: a key file cannot keep a node busy with its key derivation: too many rounds are refused before any is done")
  func derivation() throws {
    let path = directory.file("key.pem")
    try KeyFile.write(try PrivateKey.generate(.p256SHA256), to: path, passphrase: [1])
    let lines = try directory.text(of: path).split(separator: "\n")
    var encoded = [UInt8](try #require(Data(base64Encoded: lines[1..<lines.count - 1].joined())))
    // 600,000 as an INTEGER of DER, which occurs once.
    let rounds: [UInt8] = [0x02, 0x03, 0x09, 0x27, 0xC0]
    let place = try #require((0..<encoded.count - 5).first { Array(encoded[$0..<$0 + 5]) == rounds })
    // Four bytes instead of three. All the lengths around it are below 256 or have two bytes.
    encoded.replaceSubrange(place..<place + 5, with: [0x02, 0x04, 0x7F, 0xFF, 0xFF, 0xFF])
    for outer in Self.sequences(around: place, in: encoded) { encoded[outer] += 1 }
    let text =
      "\(lines[0])\n\(Data(encoded).base64EncodedString(options: .lineLength64Characters))\n\(lines[lines.count - 1])\n"
    let changed = try directory.write(text, to: "slow.pem")
    #expect(fault(changed, .p256SHA256, [1]) == .derivation(rounds: 0x7FFF_FFFF, limit: DerivationCost.maximumRounds))
    #expect(fault(changed) == .passphraseNeeded)
  }

  /// The last length bytes of the DER values that contain the byte at `place`.
  private static func sequences(around place: Int, in bytes: [UInt8]) -> [Int] {
    var found: [Int] = []
    var index = 0
    while index < place {
      let isLong = bytes[index + 1] == 0x81
      let length = index + (isLong ? 2 : 1)
      let end = length + 1 + Int(bytes[length])
      if (length..<end).contains(place) {
        found.append(length)
        index = length + 1
      } else {
        index = end
      }
    }
    return found
  }

  @Test("A passphrase has 1 to 1024 bytes")
  func passphraseLength() throws {
    let key = try PrivateKey.generate(.ed25519SHA256)
    let path = directory.file("key.pem")
    for count in [0, 1025] {
      let passphrase = [UInt8](repeating: 1, count: count)
      let expected = CryptoError.file(path: path, fault: .passphraseLength(count: count, limit: 1024))
      #expect(throws: expected) { try KeyFile.write(key, to: path, passphrase: passphrase) }
      #expect(throws: expected) { try KeyFile.read(path, suite: .ed25519SHA256, passphrase: passphrase) }
    }
    let longest = [UInt8](repeating: 1, count: 1024)
    try KeyFile.write(key, to: path, passphrase: longest)
    #expect(try KeyFile.read(path, suite: .ed25519SHA256, passphrase: longest).publicKey == key.publicKey)
  }

  @Test("D7: a file that others can access in any way is refused, and the error says how to correct it")
  func modes() throws {
    let path = directory.file("key.pem")
    try KeyFile.write(try PrivateKey.generate(.p256SHA256), to: path)
    for mode in [0o640, 0o604, 0o620, 0o602, 0o610, 0o601, 0o644, 0o666, 0o777] {
      try directory.setMode(mode, of: path)
      #expect(fault(path) == .tooOpen(mode: UInt32(mode)))
    }
    let error = CryptoError.file(path: path, fault: .tooOpen(mode: 0o644))
    #expect(error.explanation.contains("0644"))
    #expect(error.nextStep.contains("chmod 600 \(path)"))
    for mode in [0o600, 0o400, 0o700] {
      try directory.setMode(mode, of: path)
      #expect(fault(path) == nil)
    }
  }

  @Test("A file that exists is never overwritten")
  func exists() throws {
    let path = try directory.write("precious", to: "key.pem")
    let key = try PrivateKey.generate(.p256SHA256)
    #expect(throws: CryptoError.file(path: path, fault: .exists)) { try KeyFile.write(key, to: path) }
    #expect(try directory.text(of: path) == "precious")
  }

  @Test("Missing files, directories, pipes, long files and other texts are refused by name")
  func otherFiles() throws {
    #expect(fault(directory.file("nothing")) == .missing)
    #expect(fault(directory.path) == .kind)
    #expect(fault("/dev/null") == .kind)
    #expect(fault(try directory.write("", to: "empty")) == .notPEM)
    #expect(fault(try directory.write("my key is 12345", to: "text")) == .notPEM)
    let long = String(repeating: "a", count: SystemFile.maximumByteCount)
    #expect(fault(try directory.write(long, to: "long")) == .notPEM)
    #expect(fault(try directory.write(long + "a", to: "longer")) == .tooLong(limit: SystemFile.maximumByteCount))
    let key = try PrivateKey.generate(.p256SHA256)
    let nowhere = directory.file("no/such/directory/key.pem")
    guard case .file(nowhere, .system(_, let code)) = error(of: { try KeyFile.write(key, to: nowhere) }) else {
      Issue.record("a key was written to \(nowhere)")
      return
    }
    #expect(code == 2)
  }

  @Test("A key of another suite or algorithm is refused, naming both")
  func suites() throws {
    for written in Suite.allCases {
      let path = directory.file(written.name)
      try KeyFile.write(try PrivateKey.generate(written), to: path)
      for wanted in Suite.allCases where wanted != written {
        guard case .suite(wanted, let found) = fault(path, wanted) else {
          Issue.record("a key of \(written.name) was taken for \(wanted.name)")
          continue
        }
        #expect(found.hasPrefix(written.keyType))
      }
    }
  }

  @Test("A damaged elliptic key, whose file holds both halves, never becomes another key, and never traps")
  func damage() throws {
    let key = try PrivateKey.generate(.p256SHA256)
    let original = directory.file("key.pem")
    try KeyFile.write(key, to: original)
    let text = try directory.data(of: original)
    for index in text.indices {
      var changed = text
      changed[index] = changed[index] == UInt8(ascii: "A") ? UInt8(ascii: "B") : UInt8(ascii: "A")
      let path = try directory.write(String(decoding: changed, as: UTF8.self), to: "changed.pem")
      if let read = try? KeyFile.read(path, suite: .p256SHA256) { #expect(read.publicKey == key.publicKey) }
    }
    for length in stride(from: 0, to: text.count - 2, by: 3) {
      let path = try directory.write(String(decoding: text.prefix(length), as: UTF8.self), to: "cut.pem")
      let fault = fault(path)
      #expect(fault == .notPEM || fault == .damaged)
    }
  }

  @Test("D7: no error about a key file shows its contents or the passphrase")
  func silence() throws {
    let passphrase = "a passphrase that nobody sees"
    let path = directory.file("key.pem")
    try KeyFile.write(try PrivateKey.generate(.p256SHA256), to: path, passphrase: Array(passphrase.utf8))
    let open = directory.file("open.pem")
    try KeyFile.write(try PrivateKey.generate(.p256SHA256), to: open)
    let broken = try directory.text(of: open).split(separator: "MI", maxSplits: 1).joined(separator: "ZZ")
    let damaged = try directory.write(broken, to: "broken.pem")
    let errors = [
      error(of: { _ = try KeyFile.read(path, suite: .p256SHA256, passphrase: Array((passphrase + "!").utf8)) }),
      error(of: { _ = try KeyFile.read(path, suite: .p256SHA256) }),
      error(of: { _ = try KeyFile.read(open, suite: .ed25519SHA256) }),
      error(of: { _ = try KeyFile.read(damaged, suite: .p256SHA256) }),
    ]
    let secrets = try [path, open, damaged].flatMap { try directory.text(of: $0).split(separator: "\n") }
      .filter { !$0.hasPrefix("-----") }
    #expect(secrets.count >= 6)
    for error in errors {
      let error = try #require(error)
      let said = "\(error) \(String(reflecting: error)) \(error.code) \(error.explanation) \(error.nextStep)"
      #expect(!said.contains(passphrase))
      for secret in secrets { #expect(!said.contains(secret)) }
    }
  }
}

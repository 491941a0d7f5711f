import Cryptography
import Foundation
import Primitives
import TestHarness
import Testing
import Tokens

extension Tokens {
  /// Tokens that are away, locked or broken.
  @Suite("Faults")
  struct FaultTests {
    private static let message = Array("a transfer".utf8)

    private func code(_ body: () throws -> Void) -> String? {
      do {
        try body()
        return nil
      } catch {
        return (error as? any ExplainedError)?.code
      }
    }

    @Test("A token that is removed is away, also at the start, and signs again with the same key when it is back")
    func removed() throws {
      let uri = try TokenHome.makeToken("removed")
      let key = try TokenHome.open(uri).generate(.p256SHA256, label: "key")
      let place = try TokenHome.directory(of: key.token)
      let elsewhere = try TemporaryDirectory()
      try FileManager.default.moveItem(atPath: place, toPath: elsewhere.file("token"))
      try TokenHome.reread()
      let absent = #expect(throws: TokenError.self) { try Token(TokenURI(uri)) }
      #expect(absent?.code == "token.absent" && absent?.isAway == true)
      for _ in 0..<3 {
        let error = #expect(throws: CryptoError.self) { try key.sign(Self.message) }
        guard case .signer(let fault) = error else { return #expect(Bool(false), "\(error as Any)") }
        #expect(fault.code == "token.away" && fault.isAway, "\(fault)")
      }

      try FileManager.default.moveItem(atPath: elsewhere.file("token"), toPath: place)
      let signature = try TokenHome.eventually {
        do {
          return try key.sign(Self.message)
        } catch CryptoError.signer(let fault) where fault.isAway {
          throw TokenError.absent(present: [])
        }
      }
      var verifier = SignatureVerifier(.p256SHA256)
      let isValid = verifier.verify(signature, of: Self.message, by: key.publicKey)
      #expect(isValid)
    }

    @Test("A session that is lost is opened again at once, and nobody notices")
    func sessionLost() throws {
      let module = try FaultyModule()
      let key = try TokenHome.open(try module.makeKey("session").uri, isWritable: false).key()
      for round in 1...3 {
        try module.set("session-lost")
        _ = try key.sign(Self.message)
        #expect(module.logins.count == 1 + round)
      }
    }

    @Test("A token that does not come back is asked once for each signature, and is away")
    func staysAway() throws {
      let module = try FaultyModule()
      let key = try TokenHome.open(try module.makeKey("away").uri, isWritable: false).key()
      try module.set("no-slots")
      for _ in 0..<5 { #expect(code { _ = try key.sign(Self.message) } == "token.away") }
      #expect(module.logins.count == 1)
      try module.set("removed")
      for _ in 0..<5 { #expect(code { _ = try key.sign(Self.message) } == "token.away") }
      #expect(module.logins.count <= 11)
      try module.set("")
      _ = try TokenHome.eventually { try key.sign(Self.message) }
    }

    @Test(
      "A function that fails for no stated reason is tried once more in a new session; then the token counts as away")
    func failing() throws {
      let module = try FaultyModule()
      let key = try TokenHome.open(try module.makeKey("failing").uri, isWritable: false).key()
      try module.set("failing")
      let error = #expect(throws: CryptoError.self) { try key.sign(Self.message) }
      #expect(error?.code == "token.away")
      #expect(
        error?.explanation.contains("C_SignInit") == true && error?.explanation.contains("CKR_FUNCTION_FAILED") == true)
      try module.set("")
      _ = try key.sign(Self.message)
    }

    @Test("A wrong PIN is tried once, and never again by the same token")
    func wrongPIN() throws {
      let module = try FaultyModule()
      let uri = try module.makeKey("wrong-pin").uri
      let wrong = try TemporaryDirectory()
      let file = try wrong.write("4321", to: "pin")
      let other = uri.replacing(/file:.*/, with: "file:\(file)")
      let error = try #require(
        throws: TokenError.self, performing: { try TokenHome.open(other) })
      guard case .pinWrong(let token, .unknown) = error else { return #expect(Bool(false), "\(error)") }
      #expect(token.label == "wrong-pin" && module.logins == "x")
      #expect(!"\(error) \(error.explanation)".contains("4321"))

      // The PIN is changed while the token is in use: its next session is refused, and that was the only attempt.
      let key = try TokenHome.open(uri).key()
      let logins = module.logins.count
      try module.set("session-lost pin-incorrect")
      for _ in 0..<3 { #expect(code { _ = try key.sign(Self.message) } == "token.pin-wrong") }
      #expect(module.logins.count == logins + 1)
    }

    @Test("Before the last attempt, and on a locked token, no PIN is tried")
    func finalTry() throws {
      let module = try FaultyModule()
      let (uri, _) = try module.makeKey("final")
      try module.set("final-try")
      let token = try TokenHome.open(uri.replacingOccurrences(of: module.path, with: try TokenHome.module())).identity
      #expect(throws: TokenError.pinFinalTry(token)) { try TokenHome.open(uri) }
      try module.set("locked")
      #expect(throws: TokenError.pinLocked(token)) { try TokenHome.open(uri) }
      #expect(module.logins.isEmpty)
      try module.set("pin-expired")
      #expect(throws: TokenError.pinExpired(token)) { try TokenHome.open(uri) }
      try module.set("")
      _ = try TokenHome.open(uri).key()
    }

    @Test("Without a PIN the token is refused, unless it asks for the PIN itself")
    func noPIN() throws {
      let module = try FaultyModule()
      let uri = try module.makeKey("pin-pad").uri.replacing(/&pin-source.*/, with: "")
      #expect(code { _ = try TokenHome.open(uri) } == "token.pin-needed")
      #expect(try Token(TokenURI(uri), pin: Array(TokenHome.pin.utf8)).key().suite == .p256SHA256)
      try module.set("pin-pad")
      _ = try TokenHome.open(uri, isWritable: false).key()
      #expect(module.logins.hasSuffix("p"))
    }

    @Test("A PIN file that others can read, that is empty, too long or missing is refused before the token is asked")
    func pinFiles() throws {
      let module = try FaultyModule()
      let (uri, _) = try module.makeKey("pin-file")
      let folder = try TemporaryDirectory()
      func open(_ file: String) -> String? {
        code { _ = try Token(TokenURI(uri.replacing(/file:.*/, with: "file:\(file)"))) }
      }
      #expect(open(try folder.write("1234", to: "open", mode: 0o640)) == "token.pin-file")
      #expect(open(try folder.write("\n", to: "empty")) == "token.pin-length")
      #expect(open(try folder.write(String(repeating: "1", count: 256), to: "long")) == "token.pin-length")
      #expect(open(folder.file("missing")) == "token.pin-file")
      #expect(module.logins.isEmpty)
      #expect(open(try folder.write("1234\r\n", to: "windows")) == nil)
    }

    @Test("What is not a module, or a token without the mechanisms, is refused at the start")
    func modules() throws {
      let uri = try TokenHome.makeToken("modules")
      func open(_ path: String) -> String? {
        code { _ = try TokenHome.open(uri.replacing(/module-path=[^&]*/, with: "module-path=\(path)")) }
      }
      #expect(open("/nowhere/module.so") == "token.module")
      #expect(open("/etc/passwd") == "token.module")
      let folder = try TemporaryDirectory()
      let empty = try folder.write("int nothing;", to: "empty.c")
      try TokenHome.run("cc", "-shared", "-fPIC", "-o", folder.file("empty.so"), empty)
      #expect(open(folder.file("empty.so")) == "token.module")
      let module = try FaultyModule()
      try module.set("other-version")
      #expect(open(module.path) == "token.module")

      let other = try FaultyModule()
      let key = try other.makeKey("no-curves").uri
      try other.set("no-elliptic-curves")
      let error = #expect(throws: TokenError.self) { try TokenHome.open(key).key(.p256SHA256) }
      guard case .suite(.p256SHA256, _, offered: []) = error else { return #expect(Bool(false), "\(error as Any)") }
    }

    @Test(
      "Answers that break the standard are refused, and nothing is read beyond what was asked for",
      arguments: [
        ("long-signature", "token.answer"), ("short-signature", "token.answer"), ("zero-signature", "token.answer"),
        ("wrong-signature", "token.first-signature"), ("many-slots", "token.answer"),
        ("huge-attribute", "token.answer"), ("growing-attribute", "token.answer"),
        ("no-point", "token.public-key-missing"),
      ])
    func answers(_ fault: String, _ expected: String) throws {
      let module = try FaultyModule()
      let (uri, _) = try module.makeKey(fault)
      try module.set(fault)
      #expect(code { _ = try TokenHome.open(uri, isWritable: false).key() } == expected)
      try module.set("")
      let key = try TokenHome.open(uri, isWritable: false).key()
      guard fault.hasSuffix("-signature"), expected == "token.answer" else { return }
      try module.set(fault)
      #expect(code { _ = try key.sign(Self.message) } == expected)
    }

    @Test("Another key under the same label is not used in place of the one that was there")
    func changed() throws {
      let uri = try TokenHome.makeToken("changed")
      let token = try TokenHome.open(uri)
      let key = try token.generate(.p256SHA256, label: "key")
      let same = try Token(TokenURI(TokenHome.uri(uri, object: "key"))).key()
      try key.destroy()
      _ = try token.generate(.p256SHA256, label: "key")
      let error = code { _ = try same.sign(Self.message) }
      #expect(error == "token.object-missing" || error == "token.key-changed")
    }
  }
}

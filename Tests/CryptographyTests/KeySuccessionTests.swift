import Foundation
import Primitives
import TestHarness
import Testing

@testable import Cryptography

@Testing.Suite("The next key takes a key's place")
struct KeySuccessionTests {
  private let folder: TemporaryDirectory
  private let files: KeySuccession
  private let keys: [PrivateKey]

  init() throws {
    folder = try TemporaryDirectory()
    files = KeySuccession(path: folder.file("vote.pem"))
    keys = try (0..<2).map { _ in try PrivateKey.generate(.p256SHA256) }
    try KeyFile.write(keys[0], to: files.path)
    try files.begin(keys[1], passphrase: nil)
    try files.complete()
  }

  private var names: [String] { (try? FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()) ?? [] }

  private func move(_ name: String, to other: String) throws {
    try FileManager.default.moveItem(atPath: folder.file(name), toPath: folder.file(other))
  }

  private func isSecond() throws -> Bool {
    try KeyFile.read(files.path, suite: .p256SHA256).publicKey == keys[1].publicKey
  }

  @Test("R47: the next key is where the key was, which is gone")
  func succeeds() throws {
    #expect(try files.succeed() == nil)
    #expect(try isSecond())
    #expect(names == ["vote.pem"] && !files.hasNext)
    // Once more changes nothing.
    #expect(try files.succeed() == nil)
    #expect(try isSecond())
  }

  @Test("R47: an old key that cannot be removed is in nobody's way, and goes later")
  func undestroyed() throws {
    try FileManager.default.createDirectory(atPath: folder.file("vote.pem.old"), withIntermediateDirectories: true)
    try folder.write("x", to: "vote.pem.old/x")
    // Neither can the key be moved over a folder.
    #expect(throws: CryptoError.self) { try files.succeed() }
    #expect(try !isSecond())
    try FileManager.default.removeItem(atPath: folder.file("vote.pem.old"))
    try move("vote.pem", to: "kept")
    try move("vote.pem.next", to: "vote.pem")
    try FileManager.default.createDirectory(atPath: folder.file("vote.pem.old"), withIntermediateDirectories: true)
    #expect(try files.succeed() != nil)
    #expect(try isSecond())
    try files.recover()
    #expect(try isSecond())
  }

  @Test("A next key that was not completed is dropped at the next start")
  func incomplete() throws {
    try FileManager.default.removeItem(atPath: files.next)
    try files.begin(keys[1], passphrase: nil)
    #expect(!files.hasNext)
    try files.recover()
    #expect(names == ["vote.pem"])
  }

  @Test("The key comes back where only its old place was emptied")
  func returned() throws {
    try FileManager.default.removeItem(atPath: files.next)
    try move("vote.pem", to: "vote.pem.old")
    try files.recover()
    #expect(names == ["vote.pem"])
    #expect(try !isSecond())
  }

  @Test("R47: a change that was interrupted at any step is ended, and no step leaves no key")
  func interrupted() throws {
    // Nothing was done yet: both are there, and stay.
    try files.recover()
    #expect(names == ["vote.pem", "vote.pem.next"])
    #expect(try !isSecond())
    // The old one was moved away.
    try move("vote.pem", to: "vote.pem.old")
    try files.recover()
    #expect(names == ["vote.pem"])
    #expect(try isSecond())
    // The next one was moved to its place, and the old one was not removed.
    try KeyFile.write(keys[0], to: folder.file("vote.pem.old"))
    try files.recover()
    #expect(names == ["vote.pem"])
    #expect(try isSecond())
  }

  @Test("A missing key is not replaced by the next one where no change was under way")
  func missing() throws {
    try FileManager.default.removeItem(atPath: files.path)
    try files.recover()
    #expect(names == ["vote.pem.next"])
  }
}

import Foundation
import Primitives
import TestHarness
import Testing

@testable import Cryptography

@Testing.Suite("The next TLS key takes a TLS key's place")
struct TransportSuccessionTests {
  private let folder: TemporaryDirectory
  private let files: TransportSuccession
  private let first: Digest

  init() throws {
    folder = try TemporaryDirectory()
    let (certificate, key) = (folder.file("transport.crt"), folder.file("transport.pem"))
    files = TransportSuccession(certificate: certificate, key: key)
    let identity = try TransportIdentity.generate(name: "node")
    try identity.write(certificate: certificate, key: key)
    first = identity.pin
  }

  private var names: [String] { (try? FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()) ?? [] }

  @Test("The next pair is made once; taken, it is where the pair was, and the pair before is kept")
  func taken() throws {
    let next = try files.begin().pin
    #expect(next != first)
    #expect(try files.begin().pin == next && files.next().pin == next && files.present().pin == first)
    try files.take()
    #expect(try files.present().pin == next && !files.hasNext)
    let old = try TransportIdentity.read(
      certificate: folder.file("transport.crt.old"), key: folder.file("transport.pem.old"))
    #expect(old.pin == first)
    // Another one after that.
    let third = try files.begin().pin
    try files.take()
    #expect(try files.present().pin == third)
    #expect(names == ["transport.crt", "transport.crt.old", "transport.pem", "transport.pem.old"])
  }

  @Test("A change that was interrupted between any two steps is ended by the same command, with no pair lost")
  func interrupted() throws {
    let next = try files.begin().pin
    let steps = [
      ("transport.crt", "transport.crt.old"), ("transport.crt.next", "transport.crt"),
      ("transport.pem", "transport.pem.old"), ("transport.pem.next", "transport.pem"),
    ]
    for count in 0...steps.count {
      let copy = try TemporaryDirectory()
      for name in names {
        try FileManager.default.copyItem(atPath: folder.file(name), toPath: copy.file(name))
      }
      for (from, to) in steps.prefix(count) {
        try FileManager.default.moveItem(atPath: copy.file(from), toPath: copy.file(to))
      }
      let files = TransportSuccession(certificate: copy.file("transport.crt"), key: copy.file("transport.pem"))
      // Making a next pair is refused while one is being taken, so that it cannot get lost.
      if count > 0, count < steps.count { #expect(throws: CryptoError.self) { try files.begin() } }
      if count < steps.count { try files.take() }
      #expect(try files.present().pin == next, "after \(count) steps")
      let old = try TransportIdentity.read(
        certificate: copy.file("transport.crt.old"), key: copy.file("transport.pem.old"))
      #expect(old.pin == first)
    }
  }

  @Test("Half a pair, as a full disk leaves it, is made anew; a pair that does not belong together is not taken")
  func half() throws {
    let next = try files.begin().pin
    try FileManager.default.removeItem(atPath: folder.file("transport.crt.next"))
    #expect(throws: CryptoError.self) { try files.take() }
    #expect(try files.present().pin == first)
    let other = try files.begin().pin
    #expect(other != next && other != first)
    try FileManager.default.removeItem(atPath: folder.file("transport.pem.next"))
    #expect(throws: CryptoError.self) { try files.take() }
    #expect(try files.begin().pin != other)

    // A folder in the place of the certificate, so that it cannot be written.
    for name in ["transport.crt.next", "transport.pem.next"] {
      try FileManager.default.removeItem(atPath: folder.file(name))
    }
    try FileManager.default.createDirectory(
      atPath: folder.file("transport.crt.next/x"), withIntermediateDirectories: true)
    #expect(throws: CryptoError.self) { try files.begin() }
    #expect(!files.hasNext)
    #expect(try files.present().pin == first)
  }
}

import Cryptography
import Foundation
import Primitives
import TestHarness
import Testing

#if os(Linux)
  /// Looks for private keys in this process's own memory.
  @Suite("Secret memory", .serialized)
  struct SecretMemoryTests {
    /// A secret that this process holds only with each hexadecimal digit one higher, so that the search does not find itself.
    private struct Masked {
      let digits: [UInt8]

      /// The byte at a place of the secret, or at the same place from its end: OpenSSL keeps numbers in both orders.
      func byte(_ place: Int, isReversed: Bool = false) -> UInt8 {
        let from = 2 * (isReversed ? 31 - place : place)
        return ((digits[from] &+ 15) & 15) << 4 | (digits[from + 1] &+ 15) & 15
      }

      func matches(_ bytes: UnsafePointer<UInt8>, isReversed: Bool) -> Bool {
        (0..<32).allSatisfy { bytes[$0] == byte($0, isReversed: isReversed) }
      }
    }

    private struct Region {
      var start: UInt
      var end: UInt
      var isReadable: Bool
      var isDumped: Bool
      var isLocked: Bool
    }

    private func regions() throws -> [Region] {
      var regions: [Region] = []
      // The system gives this file in pieces.
      let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: "/proc/self/smaps"))
      var bytes = Data()
      while let piece = try file.read(upToCount: 1 << 16), !piece.isEmpty { bytes += piece }
      for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") {
        if let match = line.firstMatch(of: /^([0-9a-f]+)-([0-9a-f]+) (r?)/) {
          let (start, end) = (UInt(match.1, radix: 16) ?? 0, UInt(match.2, radix: 16) ?? 0)
          regions.append(
            Region(start: start, end: end, isReadable: !match.3.isEmpty, isDumped: true, isLocked: false))
        } else if line.hasPrefix("VmFlags:"), !regions.isEmpty {
          let flags = line.split(separator: " ")
          regions[regions.count - 1].isDumped = !flags.contains("dd")
          regions[regions.count - 1].isLocked = flags.contains("lo")
        }
      }
      return regions
    }

    /// How often the secret is in these regions.
    private func count(_ secret: Masked, in regions: [Region]) throws -> Int {
      let memory = open("/proc/self/mem", O_RDONLY | O_CLOEXEC)
      defer { close(memory) }
      let piece = 1 << 20
      let buffer = UnsafeMutablePointer<UInt8>.allocate(capacity: piece)
      defer { buffer.deallocate() }
      let own = UInt(bitPattern: buffer)
      var found = 0
      for region in regions where region.isReadable {
        var place = region.start
        while place < region.end {
          let count = pread(memory, buffer, min(piece, Int(region.end - place)), off_t(place))
          guard count > 32 else { break }
          for isReversed in [false, true] {
            var rest = buffer
            // A single byte is not the secret, and the C library finds it fast.
            let first = Int32(secret.byte(0, isReversed: isReversed))
            let second = secret.byte(1, isReversed: isReversed)
            while let hit = memchr(rest, first, buffer + count - rest)?.assumingMemoryBound(to: UInt8.self) {
              rest = hit + 1
              guard hit - buffer + 32 <= count, hit[1] == second, secret.matches(hit, isReversed: isReversed) else {
                continue
              }
              // What this function has read is not a copy of the program's.
              let address = place + UInt(hit - buffer)
              if !(own..<own + UInt(piece)).contains(address) { found += 1 }
            }
          }
          place += UInt(count > 32 && place + UInt(count) < region.end ? count - 31 : count)
        }
      }
      memset(buffer, 0, piece)
      return found
    }

    private func shell(_ command: String) throws -> String {
      let process = Process()
      process.executableURL = URL(fileURLWithPath: "/bin/sh")
      process.arguments = ["-c", command]
      let output = Pipe()
      process.standardOutput = output
      try process.run()
      let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
      process.waitUntilExit()
      #expect(process.terminationStatus == 0)
      return text
    }

    @Test(
      "A key from a file that has signed is in this process's memory once, in a place that is locked and not dumped",
      arguments: Suite.allCases, [false, true])
    func search(_ suite: Suite, _ isEncrypted: Bool) throws {
      guard SecretMemory.standing == .locked else {
        return print("SKIPPED: this system does not let the tests lock \(SecretMemory.byteCount) bytes of memory")
      }
      let folder = try TemporaryDirectory()
      let (plain, file) = (folder.file("plain.pem"), folder.file("key.pem"))
      // Made by others, so that no trace of the making is here.
      let (options, place) =
        switch suite {
        case .p256SHA256: ("-algorithm EC -pkeyopt ec_paramgen_curve:P-256", 37)
        case .ed25519SHA256: ("-algorithm ED25519", 17)
        case .sm2SM3: ("-algorithm SM2", 37)
        }
      let digits = try shell(
        """
        umask 077; openssl genpkey \(options) -out \(plain) &&
        \(isEncrypted ? "openssl pkcs8 -topk8 -in \(plain) -out \(file) -passout pass:word" : "cp \(plain) \(file)") &&
        openssl pkcs8 -topk8 -nocrypt -in \(plain) -outform DER | tail -c +\(place) | head -c 32 | od -An -v -tx1 | tr -d ' \\n' |
        tr 0-9a-f 1-9a-f0
        """)
      let secret = Masked(digits: digits.compactMap { $0.hexDigitValue.map(UInt8.init) })
      try #require(secret.digits.count == 64)

      let key = try KeyFile.read(file, suite: suite, passphrase: isEncrypted ? Array("word".utf8) : nil)
      _ = try key.sign([1, 2, 3])
      let all = try regions()
      #expect(SecretMemory.isWiped)
      #expect(try count(secret, in: all.filter(\.isDumped)) == 0)
      let hidden = all.filter { !$0.isDumped && $0.isLocked }
      #expect(try count(secret, in: hidden) == 1)

      // The search finds what is there to be found.
      let copy = UnsafeMutablePointer<UInt8>.allocate(capacity: 32)
      for place in 0..<32 { copy[place] = secret.byte(place) }
      #expect(try count(secret, in: try regions().filter(\.isDumped)) == 1)
      memset(copy, 0, 32)
      copy.deallocate()
      withExtendedLifetime(key) {}
    }
  }
#endif

import Foundation
import TestHarness
import Testing

@testable import Node

/// Writing log messages never holds up a node.
@Testing.Suite("Messages")
struct MessageWriterTests {
  private func dropped(_ count: Int) -> [UInt8] { Array("\(count) dropped\n".utf8) }

  /// A named pipe, whose writer blocks until the reader takes the bytes.
  private func pipe(in directory: TemporaryDirectory) throws -> (path: String, reader: Int32) {
    let path = directory.file("pipe")
    try #require(mkfifo(path, 0o600) == 0)
    let reader = open(path, O_RDONLY | O_NONBLOCK)
    try #require(reader >= 0)
    return (path, reader)
  }

  /// Reads until the writer has written everything and ended.
  private func read(_ descriptor: Int32, of writer: MessageWriter) throws -> String {
    var all: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    var hasEnded = false
    let deadline = ContinuousClock.now + .seconds(120)
    while true {
      let count = Foundation.read(descriptor, &buffer, buffer.count)
      if count > 0 {
        all += buffer[..<count]
      } else if hasEnded {
        return String(decoding: all, as: UTF8.self)
      } else {
        hasEnded = writer.close(within: 5)
      }
      try #require(ContinuousClock.now < deadline, "the writer does not end")
    }
  }

  @Test("N4: without a reader nothing blocks; messages that do not fit are dropped, counted, and reported later")
  func nobodyReads() throws {
    let directory = try TemporaryDirectory()
    let (path, reader) = try pipe(in: directory)
    defer { close(reader) }
    let writer = try MessageWriter(path: path) { dropped($0) }
    let message = [UInt8](repeating: UInt8(ascii: "m"), count: 999) + [UInt8(ascii: "\n")]
    // Many times more than the pipe and the queue can hold.
    for _ in 0..<20_000 { writer.put(message) }
    #expect(writer.droppedCount > 10_000)
    #expect(!writer.close(within: 100))
    let all = try read(reader, of: writer)
    let told = all.split(separator: "\n").compactMap { $0.hasSuffix(" dropped") ? Int($0.dropLast(8)) : nil }
    #expect(told.reduce(0, +) == writer.droppedCount)
    let written = all.split(separator: "\n").count { $0.count == 999 }
    #expect(written + writer.droppedCount == 20_000)
  }

  @Test("Messages put before the end are written, in order")
  func order() throws {
    let directory = try TemporaryDirectory()
    let writer = try MessageWriter(path: directory.file("messages")) { dropped($0) }
    for number in 0..<100 { writer.put(Array("\(number)\n".utf8)) }
    #expect(writer.close(within: 120_000))
    writer.put(Array("late\n".utf8))
    let text = try String(contentsOfFile: directory.file("messages"), encoding: .utf8)
    #expect(text == (0..<100).map { "\($0)\n" }.joined())
    #expect(writer.droppedCount == 1)
  }

  @Test("After a rename, the writer continues in a new file on request, or in the old one if there cannot be a new one")
  func reopen() async throws {
    let directory = try TemporaryDirectory()
    let path = directory.file("messages")
    let writer = try MessageWriter(path: path) { dropped($0) }
    writer.put(Array("one\n".utf8))
    await #expect(reopen(writer) == .opened)
    try FileManager.default.moveItem(atPath: path, toPath: directory.file("before"))
    writer.put(Array("two\n".utf8))
    await #expect(reopen(writer) == .opened)
    writer.put(Array("three\n".utf8))
    try FileManager.default.moveItem(atPath: path, toPath: directory.file("middle"))
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    await #expect(reopen(writer) == .refused)
    writer.put(Array("four\n".utf8))
    #expect(writer.close(within: 120_000))
    #expect(try String(contentsOfFile: directory.file("before"), encoding: .utf8) == "one\ntwo\n")
    #expect(try String(contentsOfFile: directory.file("middle"), encoding: .utf8) == "three\nfour\n")
  }

  @Test("Standard error has no file to reopen, and a file that cannot be created is reported immediately")
  func noFile() async throws {
    let writer = try MessageWriter(path: nil) { dropped($0) }
    await #expect(reopen(writer) == .noFile)
    #expect(writer.close(within: 120_000))
    let error = #expect(throws: NodeError.self) { _ = try MessageWriter(path: "/nowhere/messages") { dropped($0) } }
    #expect(error?.code == "node.unwritable-file")
    #expect(error?.explanation.contains("/nowhere/messages") == true)
  }

  private enum Reopened { case opened, noFile, refused }

  private func reopen(_ writer: MessageWriter) async -> Reopened {
    await withCheckedContinuation { continuation in
      writer.reopen { result in
        switch result {
        case .success(true): continuation.resume(returning: .opened)
        case .success(false): continuation.resume(returning: .noFile)
        case .failure: continuation.resume(returning: .refused)
        }
      }
    }
  }
}

import Foundation
import TestHarness
import Testing

@testable import chaos

#if os(Linux)
  /// The library is C, so it is tried on programs that everybody has.
  @Testing.Suite("Faults between a program and its disk")
  struct SystemFaultsTests {
    private let directory: TemporaryDirectory
    private let folder: String
    private let faults: SystemFaults

    init() async throws {
      directory = try TemporaryDirectory()
      folder = directory.file("disk")
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
      let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("Scripts/system-faults")
      try await Shell.succeed([script.path, directory.path])
      faults = try #require(SystemFaults.find(beside: directory.file("program")))
    }

    /// Runs a program with an environment.
    private func run(_ command: [String], _ environment: [String: String]) async throws -> Shell.Result {
      try await Shell.run(environment.map { "\($0)=\($1)" } + command)
    }

    /// A command that writes a text into a file and syncs it.
    private func writing(_ text: String, to path: String, _ more: [String] = []) throws -> [String] {
      try directory.write(text, to: "input")
      return ["dd", "if=\(directory.file("input"))", "of=\(path)", "conv=fdatasync"] + more
    }

    @Test(
      "A call fails with the error that was asked for, and only in the folder",
      arguments: [SystemFaults.Call.open, .write, .sync, .allocate])
    func failing(call: SystemFaults.Call) async throws {
      let texts = ["EIO": "Input/output error", "ENOSPC": "No space left on device", "EMFILE": "Too many open files"]
      for error in call.errors {
        let environment = faults.failing(folder, call, error: error, from: 1)
        for path in ["\(folder)/f", directory.file("g")] {
          let command = try call == .allocate ? ["truncate", "-s", "10", path] : writing("abc", to: path)
          let done = try await run(command, environment)
          let isInside = path.hasPrefix(folder)
          #expect((done.status != 0) == isInside, "\(call) \(error): \(done.output)")
          if isInside { #expect(done.output.contains(texts[error] ?? "?"), "\(done.output)") }
        }
      }
    }

    @Test("What a disk only claimed to have synced is gone after the power failure, and nothing else is")
    func lying() async throws {
      let (old, new, journal) = ("\(folder)/old", "\(folder)/new", directory.file("journal"))
      try Data("before".utf8).write(to: URL(fileURLWithPath: old))
      let lying = faults.lying(folder, afterSyncs: 0, journal: journal)
      for command in try [
        writing("AFTER, AND LONGER", to: old, ["conv=notrunc"]), writing("new", to: new),
      ] {
        let done = try await run(command, lying)
        #expect(done.status == 0, "\(done.output)")
        #expect(try Data(contentsOf: URL(fileURLWithPath: String(command[2].dropFirst(3)))).count > 2)
        #expect(try await run(["true"], faults.losing(journal)).status == 0)
      }
      #expect(try String(contentsOfFile: old, encoding: .utf8) == "before")
      #expect(!FileManager.default.fileExists(atPath: new))
      #expect(!FileManager.default.fileExists(atPath: journal))
    }
  }
#endif

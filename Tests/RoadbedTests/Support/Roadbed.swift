import Foundation
import LedgerJSON
import Testing

/// The built program, run as a user runs it.
enum Roadbed {
  /// The result of one run.
  struct Run: Sendable {
    var status: Int32
    var output: String
    var error: String

    /// The code of the error that the program printed as text; empty if there is none.
    var errorCode: String {
      guard let open = error.range(of: "error ["), let close = error[open.upperBound...].firstIndex(of: "]") else {
        return ""
      }
      return String(error[open.upperBound..<close])
    }

    var hasNextStep: Bool { error.contains("\n  next: ") }

    func decoded<Answer: Decodable>(_ type: Answer.Type = Answer.self) throws -> Answer {
      try JSONDecoder().decode(Answer.self, from: Data(output.utf8))
    }
  }

  /// The path of the program, which is in the same directory as the test runner.
  static let binary: String = {
    let directory = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath().deletingLastPathComponent()
    let candidates = [directory] + Bundle.allBundles.map { $0.bundleURL.deletingLastPathComponent() }
    for candidate in candidates {
      let path = candidate.appendingPathComponent("roadbed").path
      if FileManager.default.isExecutableFile(atPath: path) { return path }
    }
    return "roadbed"
  }()

  /// The root folder of the package.
  static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().path

  struct TookTooLong: Error {
    var arguments: [String]
    var output: String
  }

  /// Runs the program to its end. If it takes longer than `seconds`, kills it and throws.
  static func run(
    _ arguments: String..., input: String? = nil, environment: [String: String] = [:], seconds: Double = 60
  ) async throws -> Run {
    try await run(arguments, input: input, environment: environment, seconds: seconds)
  }

  /// Runs the program to its end. With `output`, standard output goes to that file. With `descriptors`, the program and
  /// the processes that it starts may not open more files than that.
  static func run(
    _ arguments: [String], input: String? = nil, output place: String? = nil, environment: [String: String] = [:],
    descriptors: Int? = nil, seconds: Double = 60
  ) async throws -> Run {
    let folder = try Folder()
    defer { folder.remove() }
    let output = try place.map { try FileHandle(forWritingTo: URL(fileURLWithPath: $0)) } ?? folder.file("output")
    let error = try folder.file("error")
    var files = [output, error]
    // Foundation keeps processes that have ended, and so the files would stay open as long as the tests run.
    defer { for file in files { try? file.close() } }
    let process = Process()
    process.setProgram(arguments, descriptors: descriptors)
    process.environment = cleanEnvironment.merging(environment) { _, new in new }
    process.standardOutput = output
    process.standardError = error
    process.standardInput = FileHandle.nullDevice
    if let input {
      let file = try folder.file("input")
      files.append(file)
      try file.write(contentsOf: Data(input.utf8))
      try file.seek(toOffset: 0)
      process.standardInput = file
    }
    try process.run()
    let deadline = ContinuousClock.now + .seconds(seconds)
    while process.isRunning {
      if ContinuousClock.now > deadline {
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        throw TookTooLong(arguments: arguments, output: folder.text("output") + folder.text("error"))
      }
      try await Task.sleep(for: .milliseconds(5))
    }
    return Run(status: process.terminationStatus, output: folder.text("output"), error: folder.text("error"))
  }

  /// The environment without variables that the program reads.
  private static let cleanEnvironment = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("ROADBED_") }

  /// Runs the program and expects success.
  @discardableResult
  static func succeed(
    _ arguments: String..., seconds: Double = 60, at location: SourceLocation = #_sourceLocation
  ) async throws -> Run {
    let run = try await run(arguments, seconds: seconds)
    #expect(run.status == 0, "\(arguments): \(run.output)\(run.error)", sourceLocation: location)
    return run
  }

  /// Runs the program and expects a refusal with this code, a next step and exit status 1.
  static func expectRefusal(
    _ code: String, _ arguments: String..., environment: [String: String] = [:], seconds: Double = 30,
    at location: SourceLocation = #_sourceLocation
  ) async throws {
    let run = try await run(arguments, environment: environment, seconds: seconds)
    #expect(run.status == 1, "\(arguments): \(run.output)\(run.error)", sourceLocation: location)
    #expect(run.errorCode == code, "\(arguments): \(run.error)", sourceLocation: location)
    #expect(run.hasNextStep, "\(run.error)", sourceLocation: location)
  }
}

/// A temporary folder.
struct Folder: Sendable {
  let path: String

  init() throws {
    path = NSTemporaryDirectory() + "roadbed-test-\(UInt64.random(in: 0...UInt64.max))"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  func remove() { try? FileManager.default.removeItem(atPath: path) }

  func path(_ name: String) -> String { "\(path)/\(name)" }

  func file(_ name: String) throws -> FileHandle {
    try Data().write(to: URL(fileURLWithPath: path(name)))
    return try FileHandle(forUpdating: URL(fileURLWithPath: path(name)))
  }

  func text(_ name: String) -> String { (try? String(contentsOfFile: path(name), encoding: .utf8)) ?? "" }

  @discardableResult
  func write(_ text: String, to name: String) throws -> String {
    try Data(text.utf8).write(to: URL(fileURLWithPath: path(name)))
    return path(name)
  }

  /// Makes a socket on which nobody listens: a file that can be named but never written.
  func socket(_ name: String) throws -> String {
    guard mknod(path(name), S_IFSOCK | 0o600, 0) == 0 else { throw CocoaError(.fileWriteUnknown) }
    return path(name)
  }

  /// Calls `body` with a folder and removes it afterwards.
  static func with<Value>(_ body: (Folder) async throws -> Value) async throws -> Value {
    let folder = try Folder()
    defer { folder.remove() }
    return try await body(folder)
  }
}

extension Process {
  /// Sets the program and its arguments.
  /// - Parameter descriptors: how many files it may have open; nil for no such limit.
  func setProgram(_ arguments: [String], descriptors: Int?) {
    executableURL = URL(fileURLWithPath: descriptors == nil ? Roadbed.binary : "/bin/sh")
    let limit = descriptors.map { ["-c", "ulimit -n \($0) && exec \"$0\" \"$@\"", Roadbed.binary] }
    self.arguments = (limit ?? []) + arguments
  }
}

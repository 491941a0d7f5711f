import Foundation

/// Runs other programs to their end.
enum Shell {
  struct Result: Sendable {
    var status: Int32
    var output: String
  }

  /// Runs a program and takes what it prints, errors too. One that takes longer than `seconds` is killed.
  static func run(_ arguments: [String], seconds: Double = 30) async throws -> Result {
    let command = arguments.joined(separator: " ")
    // A file rather than a pipe: nobody has to read while the program runs.
    let path = FileManager.default.temporaryDirectory.path + "/roadbed-chaos-\(UUID().uuidString).out"
    guard FileManager.default.createFile(atPath: path, contents: nil), let file = FileHandle(forWritingAtPath: path)
    else { throw ChaosError.file(path, reason: "it cannot be created") }
    defer { try? FileManager.default.removeItem(atPath: path) }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = arguments
    process.environment = cleanEnvironment
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = file
    process.standardError = file
    try process.run()
    let deadline = ContinuousClock.now + .seconds(seconds)
    while process.isRunning {
      if ContinuousClock.now > deadline {
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        throw ChaosError.tookTooLong(command, seconds: seconds)
      }
      // Cancelled or not: what was begun is waited for, or it would be left behind.
      try? await Task.sleep(for: .milliseconds(2))
      if Task.isCancelled { usleep(2000) }
    }
    // It is over. Foundation closes what it opened to learn that only here.
    process.waitUntilExit()
    let output = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
    return Result(status: process.terminationStatus, output: output.trimmingCharacters(in: .whitespacesAndNewlines))
  }

  /// Runs, and expects success.
  @discardableResult
  static func succeed(_ arguments: [String], seconds: Double = 30) async throws -> String {
    let result = try await run(arguments, seconds: seconds)
    guard result.status == 0 else {
      throw ChaosError.command(arguments.joined(separator: " "), status: result.status, output: result.output)
    }
    return result.output
  }

  /// Without variables that the program reads, with the places where `ip` and `tc` are.
  static let cleanEnvironment: [String: String] = {
    var environment = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("ROADBED_") }
    environment["PATH"] = (environment["PATH"] ?? "/usr/bin:/bin") + ":/usr/sbin:/sbin"
    return environment
  }()
}

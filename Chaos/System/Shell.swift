import Foundation

/// Runs other programs to their end.
enum Shell {
  struct Result: Sendable {
    var status: Int32
    var output: String
  }

  /// Runs a program and returns its output, including errors. Kills it if it takes longer than `seconds`.
  static func run(_ arguments: [String], seconds: Double = 30) async throws -> Result {
    let command = arguments.joined(separator: " ")
    // A file rather than a pipe, so that nobody has to read while the program runs.
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
      // Waits even if the task is cancelled, since the program would otherwise be left running.
      try? await Task.sleep(for: .milliseconds(2))
      if Task.isCancelled { usleep(2000) }
    }
    // The program has ended. Only this call makes Foundation close the descriptors with which it observed the end.
    process.waitUntilExit()
    let output = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
    return Result(status: process.terminationStatus, output: output.trimmingCharacters(in: .whitespacesAndNewlines))
  }

  /// Runs a program and throws unless it succeeds.
  @discardableResult
  static func succeed(_ arguments: [String], seconds: Double = 30) async throws -> String {
    let result = try await run(arguments, seconds: seconds)
    guard result.status == 0 else {
      throw ChaosError.command(arguments.joined(separator: " "), status: result.status, output: result.output)
    }
    return result.output
  }

  /// The environment without variables that `roadbed` reads, and with the directories of `ip` and `tc` in the path.
  static let cleanEnvironment: [String: String] = {
    var environment = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("ROADBED_") }
    environment["PATH"] = (environment["PATH"] ?? "/usr/bin:/bin") + ":/usr/sbin:/sbin"
    return environment
  }()
}

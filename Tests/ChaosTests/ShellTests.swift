import Foundation
import Testing

@testable import chaos

@Testing.Suite("Running other programs")
struct ShellTests {
  @Test("Status and output are returned")
  func result() async throws {
    let result = try await Shell.run(["sh", "-c", "echo out; echo error >&2; exit 3"])
    #expect(result.status == 3)
    #expect(result.output == "out\nerror")
  }

  @Test("Programs that ended or were killed leave nothing open: an hour of chaos runs thousands")
  func descriptors() async {
    // Runs in a separate process, because concurrent tests open files too.
    await #expect(processExitsWith: .success) {
      func open() throws -> Int { try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count }
      // Lets the library open what it opens only once.
      _ = try await Shell.run(["true"])
      let before = try open()
      for _ in 0..<20 { _ = try await Shell.run(["true"]) }
      for _ in 0..<5 { _ = try? await Shell.run(["sleep", "infinity"], seconds: 0.01) }
      let left = try open() - before
      if left > 5 { throw ChaosError.command("25 programs", status: 1, output: "\(left) descriptors are left") }
    }
  }

  @Test("A program that takes too long is killed and reported")
  func tooLong() async throws {
    await #expect(throws: ChaosError.self) { try await Shell.run(["sleep", "infinity"], seconds: 0.2) }
  }
}

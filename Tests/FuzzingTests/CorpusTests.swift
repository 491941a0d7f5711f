import Foundation
import FuzzTargets
import Testing

/// Replays the inputs that libFuzzer found worth keeping, and mutations of them. Needs no libFuzzer and does the same
/// on every machine.
@Testing.Suite("Fuzzing: corpus")
struct CorpusTests {
  static let targets = FuzzTarget.all(Traffic.recorded())
  static let corpus = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("Fuzzing/Corpus", isDirectory: true)

  static func inputs(_ target: FuzzTarget) throws -> [(name: String, bytes: [UInt8])] {
    let folder = corpus.appendingPathComponent(target.name, isDirectory: true)
    return try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted().map { name in
      (name, [UInt8](try Data(contentsOf: folder.appendingPathComponent(name))))
    }
  }

  @Test("N1, D1, D2: every input of the corpus keeps what its target promises", arguments: targets.map(\.name))
  func replay(_ name: String) throws {
    let target = try #require(Self.targets.first { $0.name == name })
    let inputs = try Self.inputs(target)
    #expect(!inputs.isEmpty, "Fuzzing/Corpus/\(name) has no inputs")
    for (file, bytes) in inputs {
      #expect(throws: Never.self, "Fuzzing/Corpus/\(name)/\(file)") { try target.run(bytes) }
      #expect(InputName.of(bytes) == file, "Fuzzing/Corpus/\(name)/\(file) is not named after its content")
    }
  }

  @Test("N1, D1, D2: seeded changes of the corpus keep it, too", arguments: targets.map(\.name))
  func changes(_ name: String) throws {
    let target = try #require(Self.targets.first { $0.name == name })
    let inputs = try Self.inputs(target).map(\.bytes)
    var mutator = Mutator(seed: 0xF0)
    for number in 0..<target.mutations {
      let bytes = mutator.next(inputs, byteLimit: target.byteLimit)
      do {
        try target.run(bytes)
      } catch {
        let hex = bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
        Issue.record("\(name), change \(number): \(error); the input is \(hex)")
        return
      }
    }
  }

  @Test("every honest input is accepted unchanged", arguments: targets.map(\.name))
  func seeds(_ name: String) throws {
    let target = try #require(Self.targets.first { $0.name == name })
    #expect(!target.seeds.isEmpty, "\(name) has no seeds")
    for seed in target.seeds.prefix(200) {
      #expect(throws: Never.self) { try target.run(seed) }
    }
  }

  @Test("the corpus has a folder for every target and no other, and stays small")
  func folders() throws {
    let folders = try FileManager.default.contentsOfDirectory(atPath: Self.corpus.path)
    #expect(folders.sorted() == Self.targets.map(\.name).sorted())
    var bytes = 0
    for target in Self.targets { bytes += try Self.inputs(target).reduce(0) { $0 + $1.bytes.count } }
    #expect(bytes < 1 << 20, "the corpus has \(bytes) bytes")
  }
}

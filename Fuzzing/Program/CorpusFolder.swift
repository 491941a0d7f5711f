import Foundation
import FuzzTargets

/// The inputs of one target, one file each, named after their content.
struct CorpusFolder {
  /// The maximum number of seeds per target. More would add little, since the simulator's traffic is repetitive.
  private static let inputs = 48

  private let folder: URL

  init(_ corpus: String, _ target: FuzzTarget) {
    folder = URL(fileURLWithPath: corpus, isDirectory: true).appendingPathComponent(target.name, isDirectory: true)
  }

  /// Writes a sample of `seeds` that prefers different first bytes and lengths.
  func write(_ seeds: [[UInt8]]) throws {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    var seen: [[Int]: Int] = [:]
    let ranked = Set(seeds).sorted { $0.lexicographicallyPrecedes($1) }.map { seed in
      let shape = [Int(seed.first ?? 0), Int(seed.dropFirst().first ?? 0), seed.count / 64]
      seen[shape, default: 0] += 1
      return (rank: seen[shape] ?? 0, seed: seed)
    }
    for (_, seed) in ranked.sorted(by: { $0.rank < $1.rank }).prefix(Self.inputs) {
      try Data(seed).write(to: folder.appendingPathComponent(InputName.of(seed)))
    }
  }

  static func bytes(of file: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: URL(fileURLWithPath: file)))
  }
}

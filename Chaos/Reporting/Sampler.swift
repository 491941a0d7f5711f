import Foundation
import LedgerJSON
import Primitives
import Synchronization

/// Records every few seconds which resources each node uses.
final class Sampler: Sendable {
  struct Sample: Sendable {
    var seconds: Double
    var node: String
    var height: UInt64
    var figures: ProcessFigures
  }

  /// The first, median and last value of a figure, and its growth by least squares.
  struct Trend: Codable, Sendable {
    var node: String
    var figure: String
    var first: Double
    var median: Double
    var last: Double
    var slopePerHour: Double
  }

  static let period = Duration.seconds(10)

  private let cluster: ChaosCluster
  private let story: Story
  private let samples = Mutex<[Sample]>([])

  init(_ cluster: ChaosCluster, _ story: Story) {
    self.cluster = cluster
    self.story = story
  }

  /// Takes samples until the task is cancelled.
  func run() async {
    while !Task.isCancelled {
      for node in cluster.nodes {
        let height = await node.status()?.height.rawValue
        guard let pid = await node.pid, let height,
          let figures = ProcessFigures.read(pid: pid, directory: node.directory)
        else { continue }
        samples.withLock {
          $0.append(Sample(seconds: story.seconds, node: node.name, height: height, figures: figures))
        }
      }
      try? await Task.sleep(for: Sampler.period)
    }
  }

  func write(to path: String) throws {
    var text = "seconds,node,height,residentBytes,descriptors,threads,diskBytes\n"
    for sample in samples.withLock({ $0 }) {
      let figures = sample.figures
      text += String(format: "%.1f", sample.seconds)
      text += ",\(sample.node),\(sample.height),\(figures.residentBytes),\(figures.descriptors)"
      text += ",\(figures.threads),\(figures.diskBytes)\n"
    }
    do {
      try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    } catch {
      throw ChaosError.file(path, reason: "\(error)")
    }
  }

  private static let columns: [(name: String, value: @Sendable (ProcessFigures) -> Double)] = [
    ("resident MB", { Double($0.residentBytes) / Double(1 << 20) }),
    ("open files", { Double($0.descriptors) }),
    ("threads", { Double($0.threads) }),
    ("disk MB", { Double($0.diskBytes) / Double(1 << 20) }),
  ]

  func trends() -> [Trend] {
    let all = samples.withLock { $0 }
    var trends: [Trend] = []
    for node in cluster.nodes {
      let own = all.filter { $0.node == node.name }
      guard let first = own.first, let last = own.last, own.count > 2 else { continue }
      for (name, value) in Sampler.columns {
        let values = own.map { value($0.figures) }
        trends.append(
          Trend(
            node: node.name, figure: name, first: value(first.figures), median: values.sorted()[values.count / 2],
            last: value(last.figures), slopePerHour: Sampler.slope(own.map(\.seconds), values) * 3600))
      }
    }
    return trends
  }

  private static func slope(_ times: [Double], _ values: [Double]) -> Double {
    let count = Double(times.count)
    let middle = (time: times.reduce(0, +) / count, value: values.reduce(0, +) / count)
    var products = 0.0
    var squares = 0.0
    for (time, value) in zip(times, values) {
      products += (time - middle.time) * (value - middle.value)
      squares += (time - middle.time) * (time - middle.time)
    }
    return squares > 0 ? products / squares : 0
  }
}

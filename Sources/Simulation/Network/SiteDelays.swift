internal import Primitives

/// The delays between validators. Validators are assigned to the sites in turn, and there is a delay between any two
/// sites, with a small part of it in the heavy tail of `LinkQuality`.
package struct SiteDelays: Equatable, Sendable {
  /// The one-way delay from site to site, in microseconds.
  let oneWay: [[UInt64]]

  /// - Parameter oneWay: a square matrix of microseconds, not empty; its diagonal holds the delays within a site.
  package init(oneWay: [[UInt64]]) {
    precondition(
      !oneWay.isEmpty && oneWay.allSatisfy { $0.count == oneWay.count },
      "the delays between sites are not a square matrix: \(oneWay)"
    )
    self.oneWay = oneWay
  }

  /// - Parameter roundTrips: milliseconds from each site to the sites after it; within a site it is 0.2 ms.
  private init(roundTrips: [[Double]]) {
    let count = roundTrips.count + 1
    var delays = Array(repeating: Array(repeating: UInt64(100), count: count), count: count)
    for (from, row) in roundTrips.enumerated() {
      for (offset, milliseconds) in row.enumerated() {
        let to = from + 1 + offset
        delays[from][to] = UInt64(milliseconds * 500)
        delays[to][from] = delays[from][to]
      }
    }
    self.init(oneWay: delays)
  }

  /// One room: 0.1 ms one way.
  package static let lan = SiteDelays(oneWay: [[100]])

  /// Data centres in one country or neighbouring ones: round trips of 2 to 10 ms.
  package static let region = SiteDelays(roundTrips: [[2, 5, 8], [4, 10], [6]])

  /// Frankfurt, Virginia, Tokyo, Dublin, Oregon, Singapore and São Paulo: rounded round trips between cloud regions.
  package static let world = SiteDelays(roundTrips: [
    [90, 225, 25, 145, 160, 205],
    [155, 70, 65, 220, 115],
    [205, 100, 70, 260],
    [125, 175, 180],
    [165, 180],
    [300],
  ])

  func quality(from: Int, to: Int) -> LinkQuality {
    let delay = oneWay[from % oneWay.count][to % oneWay.count]
    return LinkQuality(minimumDelay: delay - delay / 50, spread: delay / 50)
  }

  /// The mean one-way delay in milliseconds over all pairs of validators.
  package func meanMilliseconds(validators: Int) -> Double {
    guard validators > 1 else { return 0 }
    var sum: UInt64 = 0
    for from in 0..<validators {
      for to in 0..<validators where to != from { sum += oneWay[from % oneWay.count][to % oneWay.count] }
    }
    return Double(sum) / Double(validators * (validators - 1)) / 1000
  }
}

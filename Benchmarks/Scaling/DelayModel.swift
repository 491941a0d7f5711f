import ArgumentParser
import Simulation

/// Where the validators of a run are located.
enum DelayModel: String, CaseIterable, ExpressibleByArgument, Encodable {
  case lan, region, world

  var sites: SiteDelays {
    switch self {
    case .lan: .lan
    case .region: .region
    case .world: .world
    }
  }
}

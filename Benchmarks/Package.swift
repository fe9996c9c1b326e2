// swift-tools-version: 6.2
import PackageDescription

// A package of its own, so that whoever depends on Skein never resolves or builds it.
let package = Package(
  name: "skein-benchmarks",
  platforms: [.macOS(.v15)],
  dependencies: [.package(name: "skein", path: "..")],
  targets: [
    .target(name: "CCounting"),
    .target(name: "CMarking"),
    // A program of its own, which does without the allocator that counts.
    .executableTarget(
      name: "skein-chains", dependencies: ["CMarking", .product(name: "Skein", package: "skein")],
      path: "Sources/SkeinChains",
      swiftSettings: [
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("MemberImportVisibility"),
      ]),
    .executableTarget(
      name: "skein-benchmarks",
      dependencies: [
        "CCounting", .product(name: "Skein", package: "skein"), .product(name: "SkeinDeque", package: "skein"),
      ],
      path: "Sources/SkeinBenchmarks",
      swiftSettings: [
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("MemberImportVisibility"),
      ] + (Context.environment["SKEIN_WARNINGS_AS_ERRORS"] == nil ? [] : [.treatAllWarnings(as: .error)])),
  ],
  swiftLanguageModes: [.v6]
)

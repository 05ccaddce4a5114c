<?php

declare(strict_types=1);

namespace Composer;

/**
 * What Symfony 6 and later ask Composer about. The trees hold Debian's packages, which Composer did not install: without
 * this class Symfony stops with "installed with Composer 1".
 */
final class InstalledVersions
{
    public static function isInstalled(string $package, bool $includeDevRequirements = true): bool
    {
        return false;
    }

    /** @return array<string, mixed> */
    public static function getRootPackage(): array
    {
        return ['name' => '__root__', 'pretty_version' => 'dev', 'version' => 'dev', 'reference' => null, 'type' => 'project', 'install_path' => __DIR__, 'aliases' => [], 'dev' => true];
    }

    public static function getVersion(string $package): ?string
    {
        return null;
    }

    public static function getPrettyVersion(string $package): ?string
    {
        return null;
    }

    public static function getInstallPath(string $package): ?string
    {
        return null;
    }

    /** @return list<string> */
    public static function getInstalledPackages(): array
    {
        return [];
    }

    /** @return list<array<string, mixed>> */
    public static function getAllRawData(): array
    {
        return [];
    }

    public static function satisfies(mixed $parser, string $package, string $constraint): bool
    {
        return false;
    }
}

<?php

declare(strict_types=1);

/*
 * With Composer: vendor/autoload.php. Without: the Symfony tree that SF_ROOT names (tests/components/php/install.sh unpacks
 * Debian's packages there), and Understudy's client and bundle from this repository.
 */
$tree = getenv('SF_ROOT');
if (is_string($tree) && $tree !== '') {
    require $tree . '/autoload.php';
} elseif (is_file(__DIR__ . '/vendor/autoload.php')) {
    require __DIR__ . '/vendor/autoload.php';
} else {
    fwrite(STDERR, "Symfony is missing: run composer install, or set SF_ROOT (see README.md).\n");
    exit(1);
}

spl_autoload_register(static function (string $class): void {
    $clients = dirname(__DIR__, 2) . '/clients/php';
    foreach (['App\\' => __DIR__ . '/src', 'Understudy\\SymfonyBundle\\' => $clients . '/bundle/src', 'Understudy\\Client\\' => $clients . '/src'] as $prefix => $folder) {
        if (str_starts_with($class, $prefix)) {
            $file = $folder . '/' . strtr(substr($class, strlen($prefix)), '\\', '/') . '.php';
            if (is_file($file)) {
                require $file;
            }

            return;
        }
    }
});

date_default_timezone_set('UTC');

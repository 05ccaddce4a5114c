<?php

declare(strict_types=1);

/*
 * SF_ROOT names a tree of tests/components/php/install.sh. The client and the bundle are looked up as Composer's optimised
 * autoloader does it: by a table, without asking the disk.
 */
require getenv('SF_ROOT') . '/autoload.php';

spl_autoload_register(static function (string $class): void {
    $prefixes = [
        'Understudy\\Bench\\' => __DIR__ . '/',
        'Understudy\\Client\\' => __DIR__ . '/../../clients/php/src/',
        'Understudy\\SymfonyBundle\\' => __DIR__ . '/../../clients/php/bundle/src/',
    ];
    foreach ($prefixes as $prefix => $folder) {
        if (str_starts_with($class, $prefix)) {
            require $folder . strtr(substr($class, \strlen($prefix)), '\\', '/') . '.php';

            return;
        }
    }
}, true, true);

date_default_timezone_set('UTC');

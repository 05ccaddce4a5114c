<?php

declare(strict_types=1);

namespace Symfony\Component\Routing\Loader\Configurator;

return static function (RoutingConfigurator $routes): void {
    $routes->add('understudy_webhook', '/understudy/webhook')
        ->controller('understudy.webhook.controller')
        ->methods(['POST']);
};

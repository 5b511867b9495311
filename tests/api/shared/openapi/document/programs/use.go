// What a person writes with the client that openapi-generator makes.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	penstock "example.org/penstock"
)

func check(holds bool, what string, details ...any) {
	if !holds {
		panic(fmt.Sprint(what, " ", details))
	}
}

func main() {
	url, key, organization := os.Args[1], os.Args[2], os.Args[3]
	settings := penstock.NewConfiguration()
	settings.Servers = penstock.ServerConfigurations{{URL: url}}
	client := penstock.NewAPIClient(settings)
	ctx := context.WithValue(context.Background(), penstock.ContextAPIKeys, map[string]penstock.APIKey{"ApiKeyHeader": {Key: key}})

	wanted := penstock.NewDeviceCreate("compiled")
	made, _, err := client.DevicesAPI.CreateDevice(ctx).XOrganizationId(organization).DeviceCreate(*wanted).Execute()
	check(err == nil, "a device is created", err)
	check(made.Device.Status == "active", "it is active", made.Device.Status)

	action := penstock.EmailActionAsAlertAction(penstock.NewEmailAction("email", []string{"ops@example.org"}))
	condition := penstock.NoDataAsAlertCondition(penstock.NewNoData("no_data", 600))
	alert := penstock.NewAlertCreate("Silent", penstock.Target{Devices: []string{made.Device.Id}}, condition)
	alert.Actions = []penstock.AlertAction{action}
	created, _, err := client.AlertsAPI.CreateAlert(ctx).XOrganizationId(organization).AlertCreate(*alert).Execute()
	check(err == nil, "an alert is created", err)
	check(created.Actions[0].EmailAction != nil, "its action is told apart by its discriminator", created.Actions)
	check(created.Actions[0].EmailAction.To[0] == "ops@example.org", "and is the one that was sent", created.Actions)

	page, _, err := client.DevicesAPI.ListDevices(ctx).XOrganizationId(organization).Q("compiled").Limit(1).Execute()
	check(err == nil && page.Data[0].Id == made.Device.Id, "it is in the list", err)

	_, _, err = client.DevicesAPI.ListDevices(ctx).XOrganizationId(organization).Cursor("nonsense").Execute()
	var refused *penstock.GenericOpenAPIError
	check(errors.As(err, &refused), "a bad cursor is refused", err)
	problem, typed := refused.Model().(penstock.Problem)
	check(typed && problem.Errors[0].Field == "cursor", "with a problem document", refused.Model())
	fmt.Println("used")
}
